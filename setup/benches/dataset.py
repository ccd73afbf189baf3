"""Builds the retail database from online_retail.csv.gz, Odoo's own modules being there already."""
import time

import bench
import dataset
import dataset_db

NAME = f"kam_bench_retail_{dataset_db.CHECKOUT}"


def measure():
    options = dataset.arguments([str(bench.shared_file("online_retail.csv.gz")), "--db", NAME, "--fresh"])
    dataset_db.base(dataset.step)
    begin = time.perf_counter()
    ledger, _unknown = dataset.make(options)
    seconds = time.perf_counter() - begin
    credits = sum(document.is_credit for document in ledger.documents)
    return {
        "seconds": seconds,
        "read_seconds": dataset.SECONDS[dataset.READING],
        "load_seconds": dataset.SECONDS[dataset.LOADING],
        "install_seconds": dataset.SECONDS[dataset.INSTALLING],
        "lines": ledger.counts["read"],
        "lines_used": ledger.counts["used"],
        "lines_per_second": ledger.counts["read"] / seconds,
        "customers": len(ledger.countries),
        "products": len(ledger.products),
        "invoices": len(ledger.documents) - credits,
        "credit_notes": credits,
        "payments": len(ledger.payments),
        "revenue": sum(one.total * (-1 if one.is_credit else 1) for one in ledger.documents) / 100,
    }

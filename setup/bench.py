"""The command setup/bench: runs measurements of setup/benches and shows their figures. Run by setup/bench.

A bench is a file in setup/benches. Its name is that of the file, its docstring says what it measures, and its function
`measure()` returns the figures: {figure: number}. Shared helpers for benches are here.
"""
import argparse
import importlib
import json
import os
import pkgutil
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import benches


class Failed(Exception):
    """Ends the command; the message is for the person at the keyboard."""


# ---------------------------------------------------------------- for benches

def shared_file(name):
    """A file of the folder with real data, which lies beside the checkout."""
    path = Path(os.environ.get("KAM_SHARED", "../shared")) / "data" / name
    if not path.exists():
        raise Failed(f"There is no {path}. KAM_SHARED names the folder with the shared data.")
    return path


@dataclass
class Measured:
    seconds: float = 0.0
    statements: int = 0
    sql_seconds: float = 0.0


@contextmanager
def measured():
    """Time and SQL statements of a block, whichever cursor of Odoo's they go through."""
    result, thread = Measured(), threading.current_thread()

    def hook(_cursor, _query, _params, _start, delay):
        result.statements += 1
        result.sql_seconds += delay

    # Odoo's cursor calls these after each statement.
    thread.query_hooks = [*getattr(thread, "query_hooks", ()), hook]
    begin = time.perf_counter()
    try:
        yield result
    finally:
        result.seconds = time.perf_counter() - begin
        thread.query_hooks.remove(hook)


@contextmanager
def most_memory():
    """A function that tells by how many MB this process has grown at most since then."""
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def watch():
        while not over.wait(0.01):
            samples.append(resident())

    over, samples = threading.Event(), [resident()]
    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lambda: max(samples) - samples[0]
    finally:
        samples.append(resident())
        over.set()
        thread.join()


# ---------------------------------------------------------------- the command

def known():
    return {module.name: importlib.import_module(f"benches.{module.name}")
            for module in pkgutil.iter_modules(benches.__path__)}


def shown(figure):
    """
    >>> shown(12345), shown(1.23456), shown(1234.5)
    ('12,345', '1.235', '1,234.5')
    """
    if isinstance(figure, int):
        return f"{figure:,}"
    return f"{figure:,.3f}" if abs(figure) < 100 else f"{figure:,.1f}"


def main(argv):
    available = known()
    about = "\n".join(f"  {name:10} {module.__doc__.strip().splitlines()[0]}" for name, module in available.items())
    parser = argparse.ArgumentParser(
        prog="setup/bench", usage="setup/bench NAME [NAME …] [--json FILE]", epilog=f"Benches:\n{about}",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--json", metavar="FILE", type=Path)
    options = parser.parse_args(argv)
    if not options.names:
        parser.print_help()
        return
    for name in options.names:
        if name not in available:
            raise Failed(f"There is no bench {name}. There are: {', '.join(available)}.")
    figures = {}
    for name in options.names:
        for figure, value in available[name].measure().items():
            figures[f"{name}.{figure}"] = round(value, 4) if isinstance(value, float) else value
    width = max(map(len, figures))
    for key, value in figures.items():
        print(f"{key:{width}}  {shown(value):>15}")
    if options.json:
        # Whole or not at all: somebody may compare with it.
        part = options.json.with_name(options.json.name + ".part")
        try:
            part.write_text(json.dumps(figures, indent=2) + "\n")
            part.replace(options.json)
        except OSError as error:
            raise Failed(f"Cannot write {options.json}: {error.strerror}") from error


if __name__ == "__main__":
    # Benches import this module by its name.
    sys.modules["bench"] = sys.modules["__main__"]
    try:
        main(sys.argv[1:])
    except Failed as error:
        sys.exit(f"setup/bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)

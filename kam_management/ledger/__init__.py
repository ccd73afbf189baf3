"""What posted customer invoices say, in SQL: shared by plans, wallets and the metrics of scoring."""

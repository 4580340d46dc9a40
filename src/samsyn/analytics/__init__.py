"""The only door to the analytical store: Parquet files, read and written through DuckDB."""

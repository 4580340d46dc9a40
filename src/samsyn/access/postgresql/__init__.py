"""Django's PostgreSQL, told before each query for whom it is asked (see ``access.rows``)."""

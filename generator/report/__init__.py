"""Problems and tables as text and JSON. Knows no domain."""

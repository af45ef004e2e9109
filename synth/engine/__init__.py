"""The native engine: one state record, one compiled quantum, and its Python face."""

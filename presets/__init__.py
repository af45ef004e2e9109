"""The presets that come with the instrument: one TOML file each."""

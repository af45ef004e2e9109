"""What a preset holds, as plain data, and the checks of the tables it is read from.  table -> Preset -> table.

`scene` and `bindings` are the data, `contents` checks a whole table; `synth.preset` reads and writes the files.
"""

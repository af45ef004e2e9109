"""Match: which trigger, with which parameters, makes a recorded sound.

recording -> statistics -> nearest measured points of every trigger -> CMA-ES around them -> presets, the nearest first
"""

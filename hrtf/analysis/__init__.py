"""From measurements to tables: SOFA files, the rigid sphere, minimum phase, basis, delays, mesh.

Imports hrtf's table and kernels' constants, numpy, and scipy inside functions.  Never runs while sound plays.
"""

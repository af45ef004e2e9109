"""Safe listening: what reaches the ears, added up over a week (WHO-ITU H.870), and the level turned down in time."""

"""Reading in processes that may die: a file that ends its process, exceeds its time or fails the reader costs itself and nothing else.

pool     the processes, each with one file at a time
limits   what such a process may use, and what its answer may be
"""

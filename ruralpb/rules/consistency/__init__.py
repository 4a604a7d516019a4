"""Consistency: figures that contradict each other, in what they are defined as and in what they come to.

conditions    what one condition of rows says of another: all of its rows, none of them
quantities    indicators taken apart into what is added up over which rows
definitions   contradictions that no data is needed for
"""

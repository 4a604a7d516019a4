"""Definitions looked at as such, by people who write them.

sentence      what a definition is or computes, in one sentence
doctor        definitions that are each right by themselves and make no sense together
case_misses   what came out of a case beside what was expected
"""

"""Expressions and everything that is written with them: checks, indicators, registers, error localisation, lineage.

Pure: trees and values in, SQL text and values out. No file, no database, no terminal.
"""

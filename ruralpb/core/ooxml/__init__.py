"""Zip containers and the Office packages in them, opened with limits: what readers of returns and writers of marked copies both need.

limits   how large, how many; Unreadable
rewriting  archives with equal bytes for equal content
zipped   a zip's directory and entries, checked; a zip with other bytes in some entries
xml      XML without entities, network or endless depth
package  parts and relations of an Office package
"""

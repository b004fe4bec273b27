"""Atlantis: what its two files may say, what it makes of them, and which change makes it plan which project.

The rules were read in Atlantis' own sources (`server/core/config`, `server/events`), release 0.47. Where it refuses,
we say so in its own words; where it accepts what cannot work, we warn.
"""

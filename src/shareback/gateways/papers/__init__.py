"""Statements on paper: what they say as shown strings, and the program that sets them as PDF."""

"""Everything a fresh Debian or Ubuntu machine needs to run and test this addon.

One module per thing that has to exist; each offers one function that makes sure of it and returns
what others need to know. Calling it again costs milliseconds. ``setup.prepare`` puts them in order.
Only the standard library is used here: these modules run before the virtual environment exists.
"""

"""What happens to what the units sent, one package or module a step, in the order of the picture.

intake → package → reading → parsing → validation → submissions → dataset → checks → workbook. Data flows one
way: nothing downstream reopens a received file, nothing upstream knows the workbook. Importing this package
loads nothing heavy.
"""

__version__ = "0.1.0"

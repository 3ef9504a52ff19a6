"""The starter kit: reports that most Business One companies ask for, in English and Turkish."""

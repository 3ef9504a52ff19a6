"""A small server of SQL Server's wire protocol (TDS 7.4), for the unmodified driver.

It knows no SQL: a test tells it what to answer to a text. It was never compared with a real SQL
Server; layouts are those of the open specification MS-TDS.
"""

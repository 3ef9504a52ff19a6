"""The numbers of the protocol that this server knows."""

from enum import IntEnum


class MessageType(IntEnum):
    """What a request asks for."""

    EXECUTE_DIRECT = 2
    PREPARE = 3
    EXECUTE = 13
    READ_LOB = 16
    WRITE_LOB = 17
    AUTHENTICATE = 65
    CONNECT = 66
    COMMIT = 67
    ROLLBACK = 68
    CLOSE_RESULT_SET = 69
    DROP_STATEMENT = 70
    FETCH_NEXT = 71
    DISCONNECT = 77
    DB_CONNECT_INFO = 82
    CLIENT_PING = 94


class Function(IntEnum):
    """What a reply answers."""

    NONE = 0
    DDL = 1
    INSERT = 2
    UPDATE = 3
    DELETE = 4
    SELECT = 5
    FETCH = 10
    COMMIT = 11
    ROLLBACK = 12
    CONNECT = 14
    WRITE_LOB = 15
    READ_LOB = 16
    DISCONNECT = 18
    CLOSE_CURSOR = 19


class PartKind(IntEnum):
    """What a part of a message holds."""

    COMMAND = 3
    RESULT_SET = 5
    ERROR = 6
    STATEMENT_ID = 10
    ROWS_AFFECTED = 12
    RESULT_SET_ID = 13
    TOPOLOGY = 15
    READ_LOB_REQUEST = 17
    READ_LOB_REPLY = 18
    WRITE_LOB_REQUEST = 28
    CLIENT_CONTEXT = 29
    WRITE_LOB_REPLY = 30
    PARAMETERS = 32
    AUTHENTICATION = 33
    CLIENT_ID = 35
    STATEMENT_CONTEXT = 39
    CONNECT_OPTIONS = 42
    FETCH_SIZE = 45
    PARAMETER_METADATA = 47
    RESULT_SET_METADATA = 48
    CLIENT_INFO = 57
    TRANSACTION_FLAGS = 64
    DB_CONNECT_INFO = 67


class TypeCode(IntEnum):
    """The types of values."""

    TINYINT = 1
    SMALLINT = 2
    INTEGER = 3
    BIGINT = 4
    DECIMAL = 5
    REAL = 6
    DOUBLE = 7
    VARCHAR = 9
    NVARCHAR = 11
    VARBINARY = 13
    DATE = 14
    TIME = 15
    TIMESTAMP = 16
    CLOB = 25
    NCLOB = 26
    BLOB = 27
    BOOLEAN = 28
    STRING = 29
    LONGDATE = 61
    SECONDDATE = 62
    DAYDATE = 63
    SECONDTIME = 64
    FIXED16 = 76
    FIXED8 = 81
    FIXED12 = 82


LOBS = frozenset({TypeCode.CLOB, TypeCode.NCLOB, TypeCode.BLOB})

namespace MetisBackup.IntegrationTests.Queries;

/// <summary>Values, operators and functions of the query language.</summary>
public sealed class ExpressionTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("7 % 4", "3")]
    [InlineData("-(3)", "-3")]
    [InlineData("1 / 0", "null")]
    [InlineData("'1' + 2", "3")]
    [InlineData("0x1F", "31")]
    [InlineData("1e3", "1000")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("12345678901234567890", "12345678901234567000")]
    [InlineData("1 == 1.0", "true")]
    [InlineData("1 == '1'", "false")]
    [InlineData("null < false", "true")]
    [InlineData("true < 0", "true")]
    [InlineData("9 < 'a'", "true")]
    [InlineData("'z' < []", "true")]
    [InlineData("[] < {}", "true")]
    [InlineData("[1, 2] < [1, 3]", "true")]
    [InlineData("{a: 1} == {a: 1, b: null}", "true")]
    [InlineData("1 && 'x'", "\"x\"")]
    [InlineData("0 || 'y'", "\"y\"")]
    [InlineData("!0", "true")]
    [InlineData("NOT true", "false")]
    [InlineData("true ? 1 : 2", "1")]
    [InlineData("null ?: 5", "5")]
    [InlineData("2 IN [1, 2]", "true")]
    [InlineData("2 NOT IN [1, 2]", "false")]
    [InlineData("2 IN 1..3", "true")]
    [InlineData("'abc' LIKE 'a%'", "true")]
    [InlineData("'abc' NOT LIKE '_b'", "true")]
    [InlineData("'abc' =~ '^a.c$'", "true")]
    [InlineData("'abc' !~ 'd'", "true")]
    [InlineData("[1, 2, 3] ALL > 0", "true")]
    [InlineData("[1, 2, 3] ANY == 2", "true")]
    [InlineData("[1, 2, 3] NONE == 4", "true")]
    [InlineData("[1, 2, 3] AT LEAST (2) >= 2", "true")]
    [InlineData("3..1", "[3,2,1]")]
    [InlineData("[1, 2, 3][-1]", "3")]
    [InlineData("[1, 2, 3][9]", "null")]
    [InlineData("{a: {b: [1, {c: 4}]}}.a.b[1].c", "4")]
    [InlineData("{'x y': 1}['x y']", "1")]
    [InlineData("{a: 1}.b.c", "null")]
    [InlineData("{[CONCAT('k', 1)]: 2}", "{\"k1\":2}")]
    [InlineData("{a: 1, a: 2}", "{\"a\":2}")]
    [InlineData("[{a: 1}, {a: 2}][*].a", "[1,2]")]
    [InlineData("[[1, 2], [3]][**]", "[1,2,3]")]
    [InlineData("[1, 2, 3, 4][* FILTER CURRENT % 2 == 0 LIMIT 1 RETURN CURRENT * 10]", "[20]")]
    [InlineData("[...[1, 2], 3]", "[1,2,3]")]
    [InlineData("'a\\u00e9\\n\\'\"'", "\"aé\\n'\\\"\"")]
    [InlineData("\"tab\\there\"", "\"tab\\there\"")]
    [InlineData("(FOR i IN 1..3 RETURN i * i)", "[1,4,9]")]
    [InlineData("LENGTH(FOR i IN 1..3 RETURN i)", "3")]
    [InlineData("/* nothing */ 1 // done", "1")]
    public async Task Expressions_have_their_value(string expression, string value) =>
        Assert.Equal($"[{value}]", await server.Client.RowsAsync("RETURN " + expression));

    [Theory]
    [InlineData("LENGTH('häß')", "3")]
    [InlineData("LENGTH([1, 2])", "2")]
    [InlineData("LENGTH({a: 1})", "1")]
    [InlineData("COUNT(1..1000)", "1000")]
    [InlineData("CONCAT('a', 1, null, ['b', true])", "\"a1btrue\"")]
    [InlineData("CONCAT_SEPARATOR('-', 1, 2)", "\"1-2\"")]
    [InlineData("TO_STRING([1, {a: null}])", "\"[1,{\\\"a\\\":null}]\"")]
    [InlineData("TO_NUMBER(' 12.5 ')", "12.5")]
    [InlineData("TO_NUMBER('12x')", "0")]
    [InlineData("TO_BOOL([])", "true")]
    [InlineData("TO_ARRAY({a: 1, b: 2})", "[1,2]")]
    [InlineData("KEEP({a: 1, b: 2}, 'a')", "{\"a\":1}")]
    [InlineData("UNSET({a: 1, b: 2}, ['a'])", "{\"b\":2}")]
    [InlineData("MERGE({a: 1}, {a: 2, b: {c: 1}})", "{\"a\":2,\"b\":{\"c\":1}}")]
    [InlineData("MERGE_RECURSIVE({a: {b: 1}}, {a: {c: 2}})", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("HAS({a: null}, 'a')", "true")]
    [InlineData("ATTRIBUTES({b: 1, _a: 2}, true, true)", "[\"b\"]")]
    [InlineData("VALUES({a: 1})", "[1]")]
    [InlineData("NOT_NULL(null, 2)", "2")]
    [InlineData("FIRST([])", "null")]
    [InlineData("LAST([1, 2])", "2")]
    [InlineData("PUSH([1], 1, true)", "[1]")]
    [InlineData("APPEND([1], [2])", "[1,2]")]
    [InlineData("UNIQUE([1, 1.0, 'a'])", "[1,\"a\"]")]
    [InlineData("SORTED([3, 'a', null, 1])", "[null,1,3,\"a\"]")]
    [InlineData("SUM([1, null, 2])", "3")]
    [InlineData("MIN([3, 1, null])", "1")]
    [InlineData("MAX([])", "null")]
    [InlineData("AVERAGE([1, 2])", "1.5")]
    [InlineData("ROUND(2.5)", "3")]
    [InlineData("FLOOR(-1.5)", "-2")]
    [InlineData("LOWER('ÄB')", "\"äb\"")]
    [InlineData("UPPER('ab')", "\"AB\"")]
    [InlineData("SUBSTRING('hello', -3, 2)", "\"ll\"")]
    [InlineData("SPLIT('a,b,c', ',')", "[\"a\",\"b\",\"c\"]")]
    [InlineData("SUBSTITUTE('abc', {a: 'x', c: 'z'})", "\"xbz\"")]
    [InlineData("CONTAINS('abc', 'bc')", "true")]
    [InlineData("STARTS_WITH('abc', 'ab')", "true")]
    [InlineData("RANGE(1, 10, 3)", "[1,4,7,10]")]
    [InlineData("FLATTEN([[1, [2]]], 2)", "[1,2]")]
    [InlineData("INTERSECTION([1, 2], [2, 3])", "[2]")]
    [InlineData("MINUS([1, 2], [2])", "[1]")]
    [InlineData("ZIP(['a'], [1])", "{\"a\":1}")]
    [InlineData("PARSE_IDENTIFIER('c/k')", "{\"collection\":\"c\",\"key\":\"k\"}")]
    [InlineData("DATE_ISO8601(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("DATE_TIMESTAMP('2024-01-01')", "1704067200000")]
    [InlineData("DATE_ADD('2024-01-31', 1, 'month')", "\"2024-02-29T00:00:00.000Z\"")]
    [InlineData("MD5('a')", "\"0cc175b9c0f1b6a831c399e269772661\"")]
    [InlineData("JSON_PARSE('{\"a\":[1]}').a", "[1]")]
    [InlineData("JSON_STRINGIFY({a: 1})", "\"{\\\"a\\\":1}\"")]
    [InlineData("TYPENAME('x')", "\"string\"")]
    [InlineData("IS_OBJECT([])", "false")]
    [InlineData("CURRENT_DATABASE()", "\"_system\"")]
    [InlineData("typename(null)", "\"null\"")]
    public async Task Functions_have_their_value(string call, string value) =>
        Assert.Equal($"[{value}]", await server.Client.RowsAsync("RETURN " + call));

    [Fact]
    public async Task Numbers_of_documents_and_parameters_leave_as_they_came()
    {
        Assert.Equal(
            """[[9007199254740993,1.10,1E5]]""",
            await server.Client.RowsAsync("RETURN @numbers", """{"numbers":[9007199254740993,1.10,1E5]}"""));
    }

    [Fact]
    public async Task A_division_by_zero_is_a_warning()
    {
        var answer = await server.Client.QueryAsync("FOR i IN 1..20 RETURN 1 / 0");

        var warnings = answer["extra"].GetProperty("warnings");
        Assert.Equal(10, warnings.GetArrayLength());
        Assert.Equal("""{"code":1562,"message":"division by zero"}""", warnings[0].GetRawText());
        Assert.Equal(400, (await server.Client.QueryAsync("RETURN 1 / 0", more: "\"options\":{\"failOnWarning\":true}")).Status);
    }

    [Theory]
    [InlineData("FOR i IN 1..3 FILTER i = 1 RETURN i", 1501, "AQL: syntax error, unexpected assignment near '= 1 RETURN i' at position 1:24 (while parsing)")]
    [InlineData("YODA", 1501, "AQL: syntax error, unexpected identifier near 'YODA' at position 1:1 (while parsing)")]
    [InlineData("RETURN", 1501, "AQL: syntax error, unexpected end of query string near '' at position 1:7 (while parsing)")]
    [InlineData("FOR i IN 1..2\n  RETURN i i", 1501, "AQL: syntax error, unexpected identifier near 'i' at position 2:12 (while parsing)")]
    [InlineData("FOR i IN [1] LET i = 2 RETURN i", 1511, "AQL: variable 'i' is assigned multiple times (while parsing)")]
    [InlineData("RETURN NOPE(1)", 1540, "AQL: usage of unknown function 'NOPE()' (while parsing)")]
    [InlineData("RETURN LENGTH()", 1541, "AQL: invalid number of arguments for function 'LENGTH()', expected number of arguments: minimum: 1, maximum: 1 (while parsing)")]
    [InlineData("RETURN @a", 1551, "AQL: no value specified for declared bind parameter 'a' (while parsing)")]
    [InlineData("RETURN 'open", 1501, "AQL: unexpected unterminated string literal near ''open' at position 1:8 (while parsing)")]
    [InlineData("", 1502, "query is empty")]
    public async Task Errors_name_the_place(string query, int errorNumber, string message)
    {
        var answer = await server.Client.QueryAsync(query);

        Assert.Equal((400, errorNumber, message), (answer.Status, answer.ErrorNumber, answer["errorMessage"].GetString()));
    }

    [Theory]
    [InlineData("RETURN 1", """{"a":1}""", 1552)]
    [InlineData("FOR d IN @@c RETURN d", """{"@c":5}""", 1553)]
    public async Task Parameters_must_fit(string query, string parameters, int errorNumber) =>
        Assert.Equal(errorNumber, (await server.Client.QueryAsync(query, parameters)).ErrorNumber);
}

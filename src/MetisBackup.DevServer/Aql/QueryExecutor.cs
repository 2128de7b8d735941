using MetisBackup.DevServer.Aql.Traversals;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Runs the statements of a query as a chain of lazy rows; a row has one place for every variable.</summary>
internal sealed class QueryExecutor
{
    private const int RowBytes = 64;

    private readonly QueryContext _context;
    private readonly AqlEvaluator _evaluator;
    private readonly QueryModifier _modifier;
    private readonly Collector _collector;
    private readonly Traverser _traverser;
    private readonly PlanOutline _outline;
    private bool _failed;

    public QueryExecutor(QueryContext context)
    {
        _context = context;
        _evaluator = new AqlEvaluator(context, (query, row) => Run(query, row, isMain: false));
        _modifier = new QueryModifier(context, _evaluator);
        _collector = new Collector(context, _evaluator);
        _traverser = new Traverser(context, _evaluator);
        _outline = new PlanOutline(context.Query.Root);
    }

    /// <summary>The results of the query, computed while they are read.</summary>
    public IEnumerable<AqlValue> Run() => Run(_context.Query.Root, new AqlValue?[_context.Query.Slots], isMain: true);

    private IEnumerable<AqlValue> Run(AqlQuery query, AqlValue?[] row, bool isMain)
    {
        IEnumerable<AqlValue?[]> rows = [row];
        var statements = query.Statements;
        var lastLimit = isMain && _context.Options.FullCount ? statements.ToList().FindLastIndex(static s => s is LimitStatement) : -1;
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements[i] is ReturnStatement answer)
            {
                return Return(answer, rows);
            }

            if (statements[i] is ModifyStatement or UpsertStatement && ReferenceEquals(_context.Reader, _context.Writer))
            {
                rows = Buffered(rows);
            }

            rows = Apply(statements, i, rows, counts: i == lastLimit);
            if (isMain)
            {
                rows = Guard(rows, statements[i]);
            }

            if (statements[i] is ModifyStatement or UpsertStatement && i + 1 < statements.Count && statements[i + 1] is not ReturnStatement)
            {
                rows = rows.ToList();
            }
        }

        return Drain(rows);
    }

    /// <summary>Inside a transaction reads and writes share a connection: everything is read before anything is written.</summary>
    private static IEnumerable<AqlValue?[]> Buffered(IEnumerable<AqlValue?[]> rows)
    {
        foreach (var row in rows.ToList())
        {
            yield return row;
        }
    }

    private static IEnumerable<AqlValue> Drain(IEnumerable<AqlValue?[]> rows)
    {
        foreach (var _ in rows)
        {
        }

        yield break;
    }

    private IEnumerable<AqlValue?[]> Apply(IReadOnlyList<AqlStatement> statements, int index, IEnumerable<AqlValue?[]> rows, bool counts) =>
        statements[index] switch
        {
            ForStatement loop => For(loop, KeyFilter.Find(loop.Variable, statements.Skip(index + 1)), rows),
            TraversalStatement traversal => _traverser.Traverse(traversal, rows),
            LetStatement let => rows.Select(row => With(row, let.Variable, _evaluator.Evaluate(let.Value, row))),
            FilterStatement filter => rows.Where(row => Passes(filter.Condition, row)),
            SortStatement sort => Sort(sort, rows),
            LimitStatement limit => Limit(limit, rows, counts),
            CollectStatement collect => _collector.Collect(collect, rows),
            ModifyStatement modify => rows.Select(row => _modifier.Modify(modify, row)).OfType<AqlValue?[]>(),
            UpsertStatement upsert => rows.Select(row => _modifier.Upsert(upsert, row)).OfType<AqlValue?[]>(),
            _ => throw AqlErrors.NotSupported(statements[index].GetType().Name),
        };

    private static AqlValue?[] With(AqlValue?[] row, AqlVariable variable, AqlValue value)
    {
        var copy = (AqlValue?[])row.Clone();
        copy[variable.Slot] = value;
        return copy;
    }

    private bool Passes(AqlExpression condition, AqlValue?[] row)
    {
        var passes = _evaluator.IsTrue(condition, row);
        _context.Statistics.Filtered += passes ? 0 : 1;
        return passes;
    }

    private IEnumerable<AqlValue?[]> For(ForStatement loop, AqlExpression? keys, IEnumerable<AqlValue?[]> rows)
    {
        foreach (var row in rows)
        {
            foreach (var item in Items(loop, keys, row))
            {
                _context.CancellationToken.ThrowIfCancellationRequested();
                var next = With(row, loop.Variable, item);
                if (loop.Search is null || _evaluator.IsTrue(loop.Search, next))
                {
                    yield return next;
                }
            }
        }
    }

    private IEnumerable<AqlValue> Items(ForStatement loop, AqlExpression? keys, AqlValue?[] row)
    {
        if (loop.Source is DataSourceExpression source)
        {
            if (keys is null || _context.Lookups.Catalog.FindCollection(_context.Database, _context.NameOf(source.Source)) is not { } collection)
            {
                return QuerySources.Documents(_context, source.Source);
            }

            var wanted = _evaluator.Evaluate(keys, row);
            _context.Statistics.CursorsCreated++;
            return QuerySources.Lookup(_context, collection, wanted.IsArray ? wanted.Items : [wanted]);
        }

        var list = _evaluator.Evaluate(loop.Source, row);
        if (!list.IsArray)
        {
            _context.Warn(AqlErrors.ArrayExpected, "collection or array expected as operand to FOR loop; you specified type '"
                + TypeFunctions.Name(list.Type) + "'");
        }

        return list.Items;
    }

    private IEnumerable<AqlValue?[]> Sort(SortStatement sort, IEnumerable<AqlValue?[]> rows)
    {
        var keyed = new List<(AqlValue[] Keys, AqlValue?[] Row)>();
        foreach (var row in rows)
        {
            _context.Hold(RowBytes);
            keyed.Add(([.. sort.Elements.Select(element => _evaluator.Evaluate(element.Value, row))], row));
        }

        var order = Comparer<AqlValue[]>.Create((x, y) => Compare(sort.Elements, x, y));
        foreach (var (_, row) in keyed.OrderBy(static entry => entry.Keys, order))
        {
            yield return row;
        }
    }

    private static int Compare(IReadOnlyList<SortElement> elements, AqlValue[] left, AqlValue[] right)
    {
        for (var i = 0; i < elements.Count; i++)
        {
            var order = AqlComparer.Instance.Compare(left[i], right[i]);
            if (order != 0)
            {
                return elements[i].Ascending ? order : -order;
            }
        }

        return 0;
    }

    private IEnumerable<AqlValue?[]> Limit(LimitStatement limit, IEnumerable<AqlValue?[]> rows, bool counts)
    {
        var bare = new AqlValue?[_context.Query.Slots];
        var offset = (long)_evaluator.Evaluate(limit.Offset, bare).Number;
        var count = (long)_evaluator.Evaluate(limit.Count, bare).Number;
        if (count == 0 && !counts)
        {
            yield break;
        }

        var seen = 0L;
        foreach (var row in rows)
        {
            seen++;
            if (seen > offset && seen <= offset + count)
            {
                yield return row;
            }

            if (!counts && seen >= offset + count)
            {
                yield break;
            }
        }

        if (counts)
        {
            _context.FullCount = seen;
        }
    }

    private IEnumerable<AqlValue> Return(ReturnStatement answer, IEnumerable<AqlValue?[]> rows)
    {
        var values = rows.Select(row => _evaluator.Evaluate(answer.Value, row));
        return answer.Distinct ? values.Distinct(AqlComparer.Instance) : values;
    }

    /// <summary>Names the plan node that failed, once, in the words of the server.</summary>
    private IEnumerable<AqlValue?[]> Guard(IEnumerable<AqlValue?[]> rows, AqlStatement statement)
    {
        using var enumerator = rows.GetEnumerator();
        while (true)
        {
            bool more;
            try
            {
                more = enumerator.MoveNext();
            }
            catch (ArangoException e) when (!_failed)
            {
                _failed = true;
                throw AqlErrors.WhileExecuting(e, _outline.PathFrom(statement, fromSource: e.ErrorNumber == AqlErrors.ResourceLimit));
            }

            if (!more)
            {
                yield break;
            }

            yield return enumerator.Current;
        }
    }
}

using MetisBackup.DevServer.Aql.Traversals;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql.Plans;

/// <summary>
/// Makes the plan that explain and profiles show: nodes in the order in which they run, after the few optimizations that show most —
/// constants computed first, filters that never pass, indexes on an attribute that is compared with a constant.
/// </summary>
internal sealed class PlanBuilder
{
    private readonly QueryContext _context;
    private readonly List<PlanStep> _steps = [];
    private readonly List<PlanVariable> _variables = [];
    private readonly SortedSet<string> _rules = new(RuleOrder.Instance);
    private int _nextStep = 1;
    private int _nextVariable;

    private PlanBuilder(QueryContext context)
    {
        _context = context;
        _nextVariable = context.Query.Slots;
    }

    /// <summary>Plans a query; warnings of constant expressions go to the context.</summary>
    public static QueryPlan Build(QueryContext context)
    {
        var builder = new PlanBuilder(context);
        builder.Add("SingletonNode");
        var statements = context.Query.Root.Statements;
        for (var i = 0; i < statements.Count; i++)
        {
            i += builder.AddStatement(statements, i);
        }

        builder.MoveConstantsUp();
        builder.MarkPrefetched();
        return new QueryPlan(builder._steps, [.. builder._variables.OrderByDescending(static v => v.Id)], [.. builder._rules]);
    }

    /// <summary>Adds the nodes of a statement.</summary>
    /// <returns>How many of the following statements are part of them.</returns>
    private int AddStatement(IReadOnlyList<AqlStatement> statements, int index)
    {
        switch (statements[index])
        {
            case ForStatement { Source: DataSourceExpression source } loop:
                return AddScan(loop, _context.NameOf(source.Source), statements, index);
            case ForStatement loop:
                var list = Calculate(loop.Source);
                _steps.Add(Next("EnumerateListNode") with { In = list, Out = Declare(loop.Variable) });
                return 0;
            case TraversalStatement traversal:
                Declare(traversal.Outputs.Vertex, isDocument: true);
                _steps.Add(Next("TraversalNode"));
                return 0;
            case LetStatement let:
                AddCalculation(let.Value, Declare(let.Variable));
                return 0;
            case FilterStatement filter:
                AddFilter(filter);
                return 0;
            case SortStatement sort:
                _steps.Add(Next("SortNode", sort.Elements.Select(e => (Calculate(e.Value), e.Ascending)).ToList()));
                return 0;
            case LimitStatement limit:
                _steps.Add(Next("LimitNode") with { Limit = (Number(limit.Offset), Number(limit.Count)) });
                return 0;
            case ReturnStatement answer:
                var result = Calculate(answer.Value);
                _steps.Add(Next("ReturnNode") with { In = result });
                return 0;
            case ModifyStatement modify:
                var operand = Calculate(modify.Document ?? modify.Key ?? new LiteralExpression(AqlValue.Null));
                _steps.Add(Next(modify.Kind + "Node") with { In = operand, Collection = _context.NameOf(modify.Target) });
                return 0;
            default:
                _steps.Add(Next(statements[index].GetType().Name.Replace("Statement", "Node", StringComparison.Ordinal)));
                return 0;
        }
    }

    private double Number(AqlExpression expression) =>
        ConstantFolding.Fold(expression, _context) is LiteralExpression literal ? literal.Value.Number : 0;

    /// <summary>A filter on an indexed attribute becomes a use of the index and disappears.</summary>
    private int AddScan(ForStatement loop, string name, IReadOnlyList<AqlStatement> statements, int index)
    {
        var variable = Declare(loop.Variable, isDocument: true);
        var scan = Next("EnumerateCollectionNode") with { Out = variable, Collection = name };
        if (index + 1 < statements.Count
            && statements[index + 1] is FilterStatement { Condition: BinaryExpression { Operator: "==" } condition }
            && FindIndex(name, loop.Variable, condition) is { } found)
        {
            _nextStep += 2;
            _variables.Add(new PlanVariable(_nextVariable, Text(_nextVariable++)));
            _steps.Add(Next("IndexNode") with { Out = variable, Collection = name, Index = (found, name, condition) });
            _rules.UnionWith(["use-indexes", "remove-filter-covered-by-index", "remove-unnecessary-calculations-2"]);
            return 1;
        }

        _steps.Add(scan);
        return 0;
    }

    private IndexInfo? FindIndex(string name, AqlVariable variable, BinaryExpression condition)
    {
        if (condition.Left is not AttributeExpression { IsIndex: false, Target: VariableExpression target, Name: LiteralExpression attribute }
            || target.Variable != variable
            || ConstantFolding.Fold(condition.Right, _context) is not LiteralExpression)
        {
            return null;
        }

        return _context.Lookups.Catalog.FindCollection(_context.Database, name)?.Indexes.FirstOrDefault(index =>
            index.Type is "persistent" or "primary"
            && index.Definition.TryGetProperty("fields", out var fields)
            && fields.GetArrayLength() > 0
            && fields[0].ValueEquals(attribute.Value.Text));
    }

    private void AddFilter(FilterStatement filter)
    {
        var condition = ConstantFolding.Fold(filter.Condition, _context);
        if (condition is LiteralExpression literal)
        {
            if (!literal.Value.IsTrue)
            {
                Add("NoResultsNode");
            }

            return;
        }

        var variable = Calculate(condition);
        _steps.Add(Next("FilterNode") with { In = variable });
    }

    /// <summary>The variable of an expression: its own where it is one, else the result of a new calculation.</summary>
    private PlanVariable Calculate(AqlExpression expression) =>
        expression is VariableExpression own && _variables.Find(v => v.Id == own.Variable.Slot) is { } known
            ? known
            : AddCalculation(expression, new PlanVariable(_nextVariable, Text(_nextVariable++)));

    private PlanVariable AddCalculation(AqlExpression expression, PlanVariable target)
    {
        var folded = expression is SubqueryExpression ? expression : ConstantFolding.Fold(expression, _context);
        var variable = folded is LiteralExpression literal ? target with { Constant = literal.Value } : target;
        _variables.RemoveAll(v => v.Id == variable.Id);
        _variables.Add(variable);
        _steps.Add(Next(expression is SubqueryExpression ? "SubqueryNode" : "CalculationNode") with { Expression = folded, Out = variable });
        return variable;
    }

    private PlanVariable Declare(AqlVariable variable, bool isDocument = false)
    {
        var declared = new PlanVariable(variable.Slot, variable.Name, isDocument);
        _variables.Add(declared);
        return declared;
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private PlanStep Next(string type) => new(_nextStep++, type);

    /// <summary>The operands are calculated before the node gets its number.</summary>
    private PlanStep Next(string type, IReadOnlyList<(PlanVariable Variable, bool Ascending)> sorting) => Next(type) with { Sorting = sorting };

    private void Add(string type) => _steps.Add(Next(type));

    /// <summary>Each constant moves behind the first node, in two passes, as the server's optimizer does it.</summary>
    private void MoveConstantsUp()
    {
        foreach (var rule in new[] { "move-calculations-up", "move-calculations-up-2" })
        {
            foreach (var step in _steps.Where(IsMovable).ToList())
            {
                var place = _steps.IndexOf(step);
                if (place == 1)
                {
                    continue;
                }

                _steps.RemoveAt(place);
                _steps.Insert(1, step);
                _rules.Add(rule);
            }
        }
    }

    private static bool IsMovable(PlanStep step) => step is { Type: "CalculationNode", Expression: LiteralExpression or RangeExpression or ArrayExpression };

    private void MarkPrefetched()
    {
        for (var i = 0; i < _steps.Count; i++)
        {
            var prefetched = IsMovable(_steps[i]) || _steps[i].Type is "EnumerateListNode" or "EnumerateCollectionNode" or "IndexNode" or "FilterNode";
            _steps[i] = _steps[i] with { IsPrefetched = prefetched };
            if (prefetched)
            {
                _rules.Add("async-prefetch");
            }
        }
    }

    /// <summary>Rules are listed in the order in which the optimizer runs them.</summary>
    private sealed class RuleOrder : IComparer<string>
    {
        public static readonly RuleOrder Instance = new();

        private static readonly string[] Rules =
            ["move-calculations-up", "move-calculations-up-2", "use-indexes", "remove-filter-covered-by-index", "remove-unnecessary-calculations-2", "async-prefetch"];

        public int Compare(string? x, string? y) => Array.IndexOf(Rules, x).CompareTo(Array.IndexOf(Rules, y));
    }
}

import Diagnostics
import Model
import PromQL
import YAML

/// The labels that queries of one tenant's file name, of those that ask one data source.
struct LabelMentions: Sendable {
  /// `nil` for the scope's default.
  var source: String?
  /// Whether recording rules ask: those are often left to the server.
  var areRecording: Bool
  var all: [LabelMention] = []
}

/// A matcher that asks for something else than the tenant itself.
struct LabelMention: Sendable {
  /// Stands for all labels: a query that reads a metric which no selector names.
  static let anyLabel: UInt64 = 0

  /// The label's hash.
  var label: UInt64
  var range: SourceRange
}

extension Reading {
  /// Notes the labels that an expression of the rule at hand names; `whole` is the place of all of it, where the text of
  /// `node` isn't the expression itself.
  ///
  /// A matcher that asks for the tenant by its name is one that no source refuses.
  mutating func noteLabels(of expr: Expr, in node: YAMLNode, at whole: SourceRange? = nil) {
    guard let tenant = scope.tenant else { return }
    var found: [(label: UInt64, range: Range<Int>)] = []
    func note(_ selector: Selector) {
      for item in selector.matchers where !item.matcher.asks(for: tenant) {
        found.append((item.matcher.name.metricHash, item.range))
      }
    }
    expr.forEach { part in
      switch part.form {
      case .selector(let selector): note(selector)
      case .matrix(let matrix): note(matrix.selector)
      case .call(let call) where call.function == .info && call.arguments.count < 2:
        found.append((LabelMention.anyLabel, part.range))
      default: break
      }
    }
    guard !found.isEmpty else { return }
    let isRecording = notes.rules.last?.isAlert == false
    let index = notes.report.mentions.mentionsIndex(of: notes.source, isRecording)
    var seen: [UInt64] = []
    for item in found where !seen.contains(item.label) && seen.count < Self.lintLimit {
      seen.append(item.label)
      let range = whole ?? quickPlace(of: item.range, in: node)
      notes.report.mentions[index].all.append(LabelMention(label: item.label, range: range))
    }
  }

  /// As `place(of:in:)`, without a look at the file where the scalar stands as it is on one line.
  private mutating func quickPlace(of offsets: Range<Int>, in node: YAMLNode) -> SourceRange {
    let (start, end) = (node.range.start, node.range.end)
    guard start.line == end.line, let text = node.text, Int(end.column - start.column) == text.utf8.count else {
      return place(of: offsets, in: node)
    }
    return SourceRange(start.advanced(by: offsets.lowerBound), start.advanced(by: offsets.upperBound))
  }
}

extension Matcher {
  /// Whether it lets this tenant's series pass and no others, byte by byte.
  fileprivate func asks(for tenant: String) -> Bool {
    operation == .equal && value.utf8.elementsEqual(tenant.utf8)
  }
}

extension SourcePosition {
  fileprivate func advanced(by bytes: Int) -> SourcePosition {
    SourcePosition(line: Int(line), column: Int(column) + bytes)
  }
}

extension [LabelMentions] {
  /// The place of the mentions of a source, made where there is none.
  fileprivate mutating func mentionsIndex(of source: String?, _ areRecording: Bool) -> Int {
    if let known = firstIndex(where: { $0.source == source && $0.areRecording == areRecording }) { return known }
    append(LabelMentions(source: source, areRecording: areRecording))
    return count - 1
  }
}

extension SpecTree {
  /// Whether a query of a scope asks a shared data source for what isn't its tenant's.
  func hasForeignMentions(_ scope: Scope) -> Bool {
    var found = false
    forEachForeignMention(in: scope) { _, _, _, _ in
      found = true
      return false
    }
    return found
  }

  /// Errors for queries of a scope that a shared data source will refuse.
  func foreignMentions(in scope: Scope) -> [Diagnostic] {
    guard let tenant = scope.tenant else { return [] }
    var found: [Diagnostic] = []
    forEachForeignMention(in: scope) { path, mention, source, label in
      let own = Matcher(label, equals: tenant).description
      let isWhole = mention.label == LabelMention.anyLabel
      found.append(
        Diagnostic(
          .error, DiagnosticCode.foreignTenant.rawValue,
          isWhole
            ? "info with one argument reads everybody's target_info, and '\(source.name)' shows \(own) alone here"
            : "'\(label)' is asked for here, and '\(source.name)' shows \(own) alone to this tenant",
          at: SourceSpan(file: path, range: mention.range),
          fix: isWhole
            ? "say which labels to add: info(…, {label=~\".+\"})" : "remove the matcher: \(own) is added by itself"))
      return true
    }
    return found
  }

  /// Goes through the queries that will be refused until `body` says `false`.
  private func forEachForeignMention(
    in scope: Scope, _ body: (_ path: String, LabelMention, _ source: ResourceID, _ label: String) -> Bool
  ) {
    guard let index = entry(scope)?.rules, sharesSource(scope) else { return }
    var labels: [String?: (id: ResourceID, spec: DataSourceSpec)?] = [:]
    for (path, report) in index.reports {
      for mentions in report.mentions {
        let known = labels[mentions.source] ?? shared(mentions.source, in: scope)
        labels[mentions.source] = known
        guard let known, let label = known.spec.tenantLabel else { continue }
        if mentions.areRecording, known.spec.recording == .external { continue }
        let hash = label.metricHash
        for mention in mentions.all where mention.label == hash || mention.label == LabelMention.anyLabel {
          guard body(path, mention, known.id, label) else { return }
        }
      }
    }
  }

  /// Whether a scope can see a source that tells tenants apart.
  private func sharesSource(_ scope: Scope) -> Bool {
    guard scope.tenant != nil else { return false }
    return scope.lineage.contains { level in
      (entry(level)?.sources ?? []).contains { dataSource($0)?.tenantLabel != nil }
    }
  }

  /// The source of this name, or the default one.
  private func shared(_ name: String?, in scope: Scope) -> (id: ResourceID, spec: DataSourceSpec)? {
    let id = name.map { resolve(.dataSource, $0, from: scope) } ?? defaultSource(of: scope)
    guard let id, let spec = dataSource(id) else { return nil }
    return (id, spec)
  }

  private func dataSource(_ id: ResourceID) -> DataSourceSpec? {
    guard case .dataSource(let spec)? = resource(id)?.spec else { return nil }
    return spec
  }
}

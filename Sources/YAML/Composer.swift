import Diagnostics

/// Builds documents from events, and reports what YAML's syntax allows and we don't.
struct Composer: ~Copyable {
  /// Why reading stopped.
  enum Stop {
    case endOfText
    /// libyaml's error, and the line where the last document began.
    case error(SyntaxProblem, lastStart: Int32)
    /// A limit of the whole text was reached.
    case limit
  }

  /// A node with a name, for its aliases.
  struct Anchor {
    var node: YAMLNode
    /// How many nodes it stands for, itself included.
    var size: Int
    /// How deep it nests, itself included: 1 for a scalar.
    var height: Int
  }

  private var events: EventReader
  var tally: Tally
  var findings: Findings
  private(set) var stop: Stop?
  var anchors: [String: Anchor] = [:]
  /// Names of nodes that are being read.
  var openAnchors: Set<String> = []
  var depth = 0
  private var lastStart: Int32 = 0
  private var end = SourcePosition(line: 1, column: 1)

  init(events: consuming EventReader, tally: Tally, findings: Findings) {
    self.events = events
    self.tally = tally
    self.findings = findings
  }

  /// The next document; `nil` when there is none, which ``stop`` then explains.
  mutating func document(index: Int) -> YAMLDocument? {
    var event = next()
    while let found = event, case .streamStart = found.kind { event = next() }
    guard let event, case .documentStart = event.kind else {
      if stop == nil { stop = .endOfText }
      return nil
    }
    let start = event.range.start
    lastStart = start.line
    anchors.removeAll(keepingCapacity: true)
    openAnchors.removeAll(keepingCapacity: true)
    guard tally.documents < tally.limits.documents else {
      halt("more than \(tally.limits.documents) documents stand in one file", at: start.extended())
      return nil
    }
    tally.documents += 1
    guard let first = next() else {
      return YAMLDocument(root: nil, index: index, range: SourceRange(start, end), isComplete: false)
    }
    let root = node(first)
    let isEmpty = root.isNull && root.range.start == root.range.end
    if stop == nil { _ = next() }
    return YAMLDocument(
      root: isEmpty ? nil : root, index: index, range: SourceRange(start, max(start, end)), isComplete: stop == nil)
  }

  /// The next event; `nil` once reading has stopped.
  mutating func next() -> EventReader.Event? {
    guard stop == nil, !findings.isFull else {
      if stop == nil { stop = .limit }
      return nil
    }
    guard let event = events.next() else {
      let problem = events.problem
      stop = problem.words.isEmpty ? .endOfText : .error(problem, lastStart: lastStart)
      return nil
    }
    end = event.range.end
    return event
  }

  /// The node that begins with this event. Where reading stops inside it, what was read until then.
  mutating func node(_ event: EventReader.Event) -> YAMLNode {
    tally.nodes += 1
    if tally.nodes > tally.limits.nodes {
      halt("more than \(tally.limits.nodes) values stand in one file", at: event.range)
    }
    guard event.anchor != nil || event.tag != nil else { return content(event) }
    let before = tally.nodes - 1 + tally.aliasedNodes
    if let anchor = event.anchor { openAnchors.insert(anchor) }
    var node = content(event)
    if let tag = event.tag { apply(tag, to: &node) }
    if let anchor = event.anchor {
      openAnchors.remove(anchor)
      let size = tally.nodes + tally.aliasedNodes - before
      anchors[anchor] = Anchor(node: node, size: size, height: node.height)
    }
    return node
  }

  private mutating func content(_ event: EventReader.Event) -> YAMLNode {
    switch event.kind {
    case .scalar(let text, let style): YAMLNode(.scalar(YAMLScalar(text, style: style)), at: event.range)
    case .alias(let name): alias(name, at: event.range)
    case .sequenceStart(let isFlow): collection(event) { $0.sequence(event, isFlow) }
    case .mappingStart(let isFlow): collection(event) { $0.mapping(event, isFlow) }
    // libyaml gives no other event where a node is due.
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      YAMLNode(.scalar(YAMLScalar("", style: .plain)), at: event.range)
    }
  }

  private mutating func collection(
    _ event: EventReader.Event, _ read: (inout Composer) -> YAMLNode
  ) -> YAMLNode {
    depth += 1
    defer { depth -= 1 }
    if depth > tally.limits.depth {
      halt("mappings and lists nest deeper than \(tally.limits.depth)", at: event.range.start.extended())
    }
    return read(&self)
  }

  private mutating func sequence(_ start: EventReader.Event, _ isFlow: Bool) -> YAMLNode {
    var items: [YAMLNode] = []
    var end = start.range.end
    while let event = next() {
      if case .sequenceEnd = event.kind {
        if isFlow { end = event.range.end }
        break
      }
      let item = node(event)
      items.append(item)
      end = max(end, item.range.end)
    }
    return YAMLNode(.sequence(items), at: SourceRange(start.range.start, end))
  }

  /// Stops reading at a limit.
  mutating func halt(_ message: String, at range: SourceRange) {
    guard stop == nil else { return }
    findings.error("yaml-limit", message, at: range)
    stop = .limit
  }
}

extension YAMLNode {
  /// How deep this node nests, itself included.
  fileprivate var height: Int {
    switch content {
    case .scalar: 1
    case .sequence(let items): 1 + (items.lazy.map(\.height).max() ?? 0)
    case .mapping(let entries): 1 + (entries.lazy.map(\.value.height).max() ?? 0)
    }
  }
}

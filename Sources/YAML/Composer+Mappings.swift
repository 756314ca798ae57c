import Diagnostics

extension Composer {
  mutating func mapping(_ start: EventReader.Event, _ isFlow: Bool) -> YAMLNode {
    var entries = MappingEntries()
    var end = start.range.end
    while let event = next() {
      if case .mappingEnd = event.kind {
        if isFlow { end = event.range.end }
        break
      }
      let key = node(event)
      guard let valueEvent = next() else { break }
      let value = node(valueEvent)
      end = max(end, value.range.end)
      if isUsable(key, in: start, isFlow) { add(YAMLEntry(key: key, value: value), to: &entries) }
    }
    return YAMLNode(.mapping(entries.merged()), at: SourceRange(start.range.start, end))
  }

  /// Whether this can be a key; reported where not.
  private mutating func isUsable(_ key: YAMLNode, in start: EventReader.Event, _ isFlow: Bool) -> Bool {
    guard let scalar = key.scalar else {
      let opening = start.range.start
      if isFlow, case .mapping = key.content, key.range.start == opening.extended().end {
        findings.error(
          "unquoted-template", "a value that begins with '{{' is read as a mapping",
          at: SourceRange(opening, key.range.end), fix: "put the whole value in quotes")
      } else {
        findings.error("key-not-text", "the key is \(key.kindWords); keys are text", at: key.range)
      }
      return false
    }
    if scalar.text.isEmpty, scalar.style == .plain {
      findings.error("missing-key", "no key stands before ':'", at: key.range.start.extended())
      return false
    }
    return true
  }

  private mutating func add(_ entry: YAMLEntry, to entries: inout MappingEntries) {
    if let first = entries.key(named: entry.name) {
      findings.error(
        "duplicate-key", "'\(entry.name)' is already set in this mapping", at: entry.key.range,
        notes: [("first set here", first.range)])
      return
    }
    guard entry.key.scalar?.isMergeKey == true else { return entries.add(entry) }
    entries.addMerge(entry)
    for source in entry.value.mergeSources where source.entries == nil {
      findings.error(
        "merge-not-mapping",
        "'<<' is given \(source.kindWords); it takes a mapping, an alias of one, or a list of them",
        at: source.range)
    }
  }
}

extension YAMLScalar {
  /// `<<`, unless quoted (YAML's merge key type, as yaml.v3 reads it).
  fileprivate var isMergeKey: Bool { text == "<<" && style == .plain }
}

extension YAMLNode {
  /// What a merge key with this value brings together, what counts most first.
  fileprivate var mergeSources: [YAMLNode] { items ?? [self] }
}

/// The entries of one mapping while it is read: no key twice, merge keys kept apart.
struct MappingEntries {
  private var entries: [YAMLEntry] = []
  private var merges: [YAMLEntry] = []
  /// Where each key is, once there are so many that looking through them would be slow.
  private var index: [String: Int] = [:]
  private static let indexedFrom = 12

  func key(named name: String) -> YAMLNode? {
    if let merge = merges.first, merge.name == name { return merge.key }
    if entries.count >= Self.indexedFrom { return index[name].map { entries[$0].key } }
    for entry in entries where entry.name == name { return entry.key }
    return nil
  }

  mutating func add(_ entry: YAMLEntry) {
    if entries.isEmpty { entries.reserveCapacity(4) }
    entries.append(entry)
    if entries.count == Self.indexedFrom {
      for (place, entry) in entries.enumerated() { index[entry.name] = place }
    } else if entries.count > Self.indexedFrom {
      index[entry.name] = entries.count - 1
    }
  }

  mutating func addMerge(_ entry: YAMLEntry) {
    merges.append(entry)
  }

  /// All entries, those of merge keys behind the mapping's own: what is there already stays.
  consuming func merged() -> [YAMLEntry] {
    guard !merges.isEmpty else { return entries }
    for source in merges.flatMap(\.value.mergeSources) {
      for entry in source.entries ?? [] where key(named: entry.name) == nil { add(entry) }
    }
    return entries
  }
}

/// How much a YAML text may hold before reading stops.
package struct YAMLLimits: Hashable, Sendable {
  /// The size of the file.
  package var bytes: Int
  /// The documents in the file.
  package var documents: Int
  /// How deep mappings and lists may nest, aliases counted as what they stand for.
  package var depth: Int
  /// Nodes written in the text.
  package var nodes: Int
  /// Nodes that aliases stand for, all together.
  package var aliasedNodes: Int
  /// Findings after which no further ones are reported.
  package var findings: Int

  package init(
    bytes: Int = 16 << 20, documents: Int = 10_000, depth: Int = 64, nodes: Int = 2_000_000,
    aliasedNodes: Int = 100_000, findings: Int = 100
  ) {
    self.bytes = bytes
    self.documents = documents
    self.depth = depth
    self.nodes = nodes
    self.aliasedNodes = aliasedNodes
    self.findings = findings
  }
}

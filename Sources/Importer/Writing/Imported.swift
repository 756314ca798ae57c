package import Diagnostics

/// A file that an import or `belfry init` writes, below the folder that was asked for.
package struct ImportedFile: Hashable, Sendable {
  /// Relative, without `..`, made of names that are checked.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  init(_ path: String, _ text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

/// What an import made of its inputs.
package struct Imported: Sendable {
  /// The tree, with `IMPORT.md`; empty where the input was refused.
  package var files: [ImportedFile] = []
  package var secrets: [NeededSecret] = []
  /// Errors say what is missing in the tree, or why there is none; warnings what differs.
  package var diagnostics = Diagnostics()
  /// Which channels each receiver became, in the order of the configuration.
  package var receivers: [ImportedReceiver] = []

  /// Whether nothing was made, since the input has errors.
  package var isRefused: Bool { files.isEmpty }
}

/// A receiver and the channels that it became.
package struct ImportedReceiver: Hashable, Sendable {
  package var name: String
  package var channels: [String]
  package var line: Int
  /// Whether some channel of it is a stand-in, which sends nothing to where the receiver did.
  package var hasPlaceholder = false
}

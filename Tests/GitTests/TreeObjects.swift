@testable import Git
import Model

/// Entries of a tree as their bytes: names that git refuses to write.
struct RawTree {
  /// The mode in octal, the name's bytes, and the object's hexadecimal name.
  var entries: [(mode: String, name: [UInt8], id: String)] = []

  init(_ entries: [(mode: String, name: String, id: String)]) {
    self.entries = entries.map { ($0.mode, Array($0.name.utf8), $0.id) }
  }

  init(bytes entries: [(mode: String, name: [UInt8], id: String)]) {
    self.entries = entries
  }

  var content: [UInt8] {
    entries.flatMap { entry -> [UInt8] in
      Array("\(entry.mode) ".utf8) + entry.name + [0]
        + stride(from: 0, to: 40, by: 2).map { index in
          let digits = Array(entry.id.utf8)[index..<index + 2]
          return UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
        }
    }
  }
}

extension SourceRepository {
  /// Writes an object of any bytes, and gives its name.
  func object(_ type: String, _ content: [UInt8]) async throws -> String {
    let escaped = content.map { byte -> String in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }.joined()
    let file = try folder.write(escaped, to: "object")
    return try await runTool([
      "sh", "-c", #"printf "$(cat "$3")" | git -C "$1" hash-object --literally -t "$2" -w --stdin"#, "sh", path, type,
      file,
    ])
  }

  func tree(_ entries: [(mode: String, name: String, id: String)]) async throws -> String {
    try await object("tree", RawTree(entries).content)
  }

  func blob(_ text: String) async throws -> String { try await object("blob", Array(text.utf8)) }

  /// A commit of a tree, on no branch.
  func commit(tree: String) async throws -> ObjectID {
    let id = try await git("commit-tree", "-m", "raw", tree)
    guard let id = ObjectID(id) else { throw ToolFailure(description: "no commit: \(id)") }
    return id
  }
}

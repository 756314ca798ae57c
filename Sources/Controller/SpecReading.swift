import Glibc
import Model
import Specs

/// Reads spec files from bytes to ``SpecFile`` values, several at a time.
enum SpecReading {
  /// One file to read: its path below the spec root, and where its bytes come from.
  struct Source: Sendable {
    let path: String
    /// Whether it stands where a folder with specs could be.
    let isFolder: Bool
    /// What it holds, or why that can't be had: then it is an error at its first line, never "absent".
    let bytes: @Sendable () -> Result<[UInt8], UnreadableFile>

    init(
      path: String, isFolder: Bool = false, bytes: @escaping @Sendable () -> Result<[UInt8], UnreadableFile>
    ) {
      self.path = path
      self.isFolder = isFolder
      self.bytes = bytes
    }
  }

  /// The options under which every command reads: time zones are those of the system.
  static let options = SpecOptions(knowsZone: { ZoneFiles.shared.rules($0) != nil })
  /// For what is applied or compared: errors, and no warnings of what rules probably don't mean.
  static let withoutLints = SpecOptions(knowsZone: options.knowsZone, lints: false)

  /// The bytes of a file in a working tree, for what is shown of it or looked for in it: nothing behind a link, and
  /// nothing larger than is read.
  static func bytes(at path: String) -> [UInt8]? {
    try? Files.read(path, limit: options.limits.fileBytes, links: false)
  }

  /// Parses the files, as many at once as there are processors; the order of the results is that of the sources.
  static func read(
    _ sources: [Source], _ options: SpecOptions = options
  ) async -> [(path: String, file: SpecFile?)] {
    let width = 32
    let chunks = stride(from: 0, to: sources.count, by: width).map {
      Array(sources[$0..<min($0 + width, sources.count)])
    }
    var results = [[SpecFile]](repeating: [], count: chunks.count)
    await withTaskGroup(of: (Int, [SpecFile]).self) { group in
      var next = 0
      for _ in 0..<min(chunks.count, processors) {
        group.addTask { [chunk = chunks[next], index = next] in (index, chunk.map { parse($0, options) }) }
        next += 1
      }
      while let (index, files) = await group.next() {
        results[index] = files
        guard next < chunks.count else { continue }
        group.addTask { [chunk = chunks[next], index = next] in (index, chunk.map { parse($0, options) }) }
        next += 1
      }
    }
    return results.joined().map { (path: $0.path, file: $0) }
  }

  private static func parse(_ source: Source, _ options: SpecOptions) -> SpecFile {
    switch source.bytes() {
    case .success(let bytes): SpecFile.parse(path: source.path, bytes: bytes, options: options)
    case .failure(let why): SpecFile.unreadable(path: source.path, why, isFolder: source.isFolder)
    }
  }

  private static let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}

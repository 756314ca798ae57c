import Glibc
import Model

extension DataSources {
  /// Lets embedded sources take their samples along to other names, old to new; what runs for them stops first.
  func move(_ renamed: [ResourceID: ResourceID]) async {
    for (old, new) in renamed.sorted(by: { $0.key < $1.key }) {
      let (from, to) = (Self.file(of: old, in: dataFolder), Self.file(of: new, in: dataFolder))
      guard from != to, Files.exists(from), !Files.exists(to) else { continue }
      await stop(old)
      try? Files.makeFolder(String(to[..<(to.lastIndex(of: "/") ?? to.endIndex)]), mode: 0o700)
      var isMoved = true
      // The files beside it first: without them the main one lacks what was written last.
      for suffix in ["-wal", "-shm", ""] where Files.exists(from + suffix) {
        isMoved = isMoved && rename(from + suffix, to + suffix) == 0
      }
      log.event(
        isMoved ? "embedded.moved" : "embedded.not-moved", isMoved ? .info : .error,
        ["source": old.description, "to": new.description])
    }
  }
}

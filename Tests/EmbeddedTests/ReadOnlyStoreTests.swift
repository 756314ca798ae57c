import Foundation
import GRDB
import Model
import PromQL
import Testing

@testable import Embedded

@Suite struct `A store that is only read` {
  /// What the folder has: names, and the bytes of the file itself.
  private func contents(_ folder: String) throws -> [String: Data?] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, name.hasSuffix("-shm") ? nil : FileManager.default.contents(atPath: folder + "/" + name))
      })
  }

  @Test func `shows what another has written so far, and changes nothing`() async throws {
    try await withFolder { folder in
      let path = folder + "/it's 50%?#.sqlite"
      let writer = try SampleStore.opened(path)
      for second in 0..<300 { writer.append(["__name__": "x"], Double(second), at: .at(Int64(second))) }
      await writer.flush(now: .at(300))
      let before = try contents(folder)
      let reader = try SampleStore.openReadOnly(at: path)
      #expect(try await reader.all() == (try await writer.all()))
      writer.append(["__name__": "x"], 7, at: .at(301))
      #expect(try await reader.all()[0].values.count == 300)
      try reader.close()
      #expect(try contents(folder) == before)
      await writer.flush(now: .at(302))
      let later = try SampleStore.openReadOnly(at: path)
      #expect(try await later.all()[0].values.count == 301)
      try later.close()
      try writer.close()
      // Whoever closes it last takes the log away.
      try DatabaseQueue(path: path).close()
      let atRest = try contents(folder)
      #expect(Array(atRest.keys) == ["it's 50%?#.sqlite"])
      let last = try SampleStore.openReadOnly(at: path)
      #expect(try await last.all()[0].values.count == 301)
      #expect(try contents(folder) == atRest)
      try last.close()
    }
  }

  @Test func `shows what a process that died has left in its log`() async throws {
    try await withFolder { folder in
      try await withFolder { copy in
        let writer = try SampleStore.opened(folder + "/x.sqlite")
        writer.append(["__name__": "x"], 7, at: .at(0))
        await writer.flush(now: .at(1))
        for name in ["x.sqlite", "x.sqlite-wal", "x.sqlite-shm"] {
          try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: copy + "/" + name)
        }
        let reader = try SampleStore.openReadOnly(at: copy + "/x.sqlite")
        #expect(try await reader.all().map(\.values) == [[7]])
        try reader.close()
      }
    }
  }

  @Test func `leaves a damaged file where it is, and another's too`() throws {
    for text in ["no samples at all", String(repeating: "no samples at all ", count: 500)] {
      let folder = FileManager.default.temporaryDirectory.path + "/embedded-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x.sqlite"))
      let before = try contents(folder)
      let error = #expect(throws: StoreError.self) { try SampleStore.openReadOnly(at: folder + "/x.sqlite") }
      guard case .corrupt? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(try contents(folder) == before)
      #expect(throws: StoreError.self) { try SampleStore.openReadOnly(at: folder + "/none.sqlite") }
      #expect(try contents(folder) == before)
    }
  }
}

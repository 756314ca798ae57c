package import Model
import Synchronization

/// This process's samples: the newest in memory, older ones in a file, read by selectors.
///
/// A series grows in a compressed chunk of up to 120 samples or an hour. Each ``StoreSettings/flushInterval``, what came
/// since the last goes to the file in one transaction, with chunks that were closed: a crash of this process loses at
/// most that interval. Without a file, samples live as long as the store and memory allow.
///
/// Appending never waits for the file or for a query: a query copies references to chunks and decodes them by itself.
package final class SampleStore: Sendable {
  /// How a file was found.
  package enum OpenOutcome: Hashable, Sendable {
    /// There was none; an empty one was begun.
    case fresh
    case existing
    /// The file was damaged. It has the name given here now, and an empty one was begun.
    case setAside(oldPath: String)
  }

  let head: Mutex<Head>
  let file: ChunkFile?

  /// A store without a file.
  package init(settings: StoreSettings = .init()) {
    head = Mutex(Head(settings: settings, hasFile: false))
    file = nil
  }

  private init(head: sending Head, file: ChunkFile) {
    self.head = Mutex(head)
    self.file = file
  }

  /// Opens the file at `path`, whose folder must exist, or begins one; samples in it are there at once.
  ///
  /// Blocks for as long as reading the list of series and the journal takes. ``run(clock:)`` writes what is appended.
  /// - Throws: ``StoreError/newerSchema(path:found:known:)``, ``StoreError/notAStore(path:)``,
  ///   ``StoreError/unwritable(_:)``.
  package static func open(
    at path: String, settings: StoreSettings = .init(), now: Timestamp
  ) throws(StoreError) -> (SampleStore, OpenOutcome) {
    let (file, contents, outcome) = try ChunkFile.open(at: path, now: now)
    return (SampleStore(head: Head(settings: settings, contents: contents), file: file), outcome)
  }

  /// Opens a file for asking alone, also while another process writes it: what is in the file at this moment is seen.
  ///
  /// Neither the file nor anything beside it is changed. Samples that are appended are not kept.
  /// - Throws: ``StoreError/corrupt(_:)``, ``StoreError/newerSchema(path:found:known:)``,
  ///   ``StoreError/notAStore(path:)``, ``StoreError/unreadable(_:)``.
  package static func openReadOnly(at path: String) throws(StoreError) -> SampleStore {
    let (file, contents) = try ChunkFile.openReadOnly(at: path)
    let settings = StoreSettings(retention: nil, maxSeries: .max)
    return SampleStore(head: Head(settings: settings, contents: contents), file: file)
  }

  /// How it stands.
  package var status: StoreStatus { head.withLock { $0.status } }

  /// What it was told to keep.
  package var settings: StoreSettings { head.withLock { $0.settings } }

  /// The names of all labels, sorted by bytes.
  package var labelNames: [String] { head.withLock { $0.index }.labelNames }

  /// The values that a label has in any series, sorted by bytes.
  package func labelValues(_ name: String) -> [String] { head.withLock { $0.index }.values(of: name) }

  /// Closes the file; call it after the last ``flush(now:)``. Later flushes fail.
  package func close() throws(StoreError) { try file?.close() }
}

extension Head {
  /// What a file had: its series, and the samples of its journal that aren't in its chunks.
  init(settings: StoreSettings, contents: FileContents) {
    self.init(settings: settings, hasFile: true)
    diskBytes = contents.diskBytes
    sequence = contents.nextSequence
    var references: [Int64: SeriesReference] = [:]
    for item in contents.series where index.place(of: item.labels) == nil {
      let reference = insert(item.labels, id: item.id)
      references[item.id] = reference
      guard let last = item.last else { continue }
      series[Int(reference.place)].last = last
      series[Int(reference.place)].diskThrough = last
    }
    nextID = max(nextID, contents.nextID)
    for sample in contents.samples {
      guard let place = references[sample.series]?.place else { continue }
      // Those that a chunk has are refused as too old. The rest is in the journal already, so 0 keeps its entries.
      _ = series[Int(place)].append(sample.time, sample.value, sequence: 0, bytes: &chunkBytes)
    }
  }
}

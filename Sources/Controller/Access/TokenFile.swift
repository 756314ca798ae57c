import Model
import StatusAPI
import Synchronization

/// The file of `--token-sha256-file`: a token's digest a line, read again when it changes.
final class TokenFile: Sendable {
  /// The file is looked at again when that was longer ago than this.
  private static let freshness = Duration.seconds(1)
  private static let limit = 1 << 20

  /// What is wrong with a file, without its content, which may be a token.
  struct Malformed: Error, CustomStringConvertible {
    let line: Int
    let error: ReadTokenError

    var description: String { "line \(line): \(error)" }
  }

  private struct State: Sendable {
    var tokens: [ReadToken]
    /// Tells whether the file changed; unlike a time, it can't stay the same when a second write follows at once.
    var bytes: [UInt8]
    var lookedAt: Timestamp
    var trouble: String?
  }

  private let path: String
  private let state: Mutex<State>

  /// - Throws: why the file can't be read, or what is wrong with it.
  init(_ path: String, at now: Timestamp) throws {
    self.path = path
    let bytes = try Files.read(path, limit: Self.limit)
    state = Mutex(State(tokens: try Self.tokens(in: bytes), bytes: bytes, lookedAt: now))
  }

  /// The tokens of the file; while it can't be read, those that were there before.
  ///
  /// `report`: called when what is wrong with it changes, with `nil` once nothing is.
  func tokens(at now: Timestamp, report: (String?) -> Void) -> [ReadToken] {
    let (tokens, news): ([ReadToken], String??) = state.withLock { state in
      guard now - state.lookedAt >= Self.freshness || now < state.lookedAt else { return (state.tokens, nil) }
      state.lookedAt = now
      let before = state.trouble
      do {
        let bytes = try Files.read(path, limit: Self.limit)
        if bytes != state.bytes || before != nil {
          state.tokens = try Self.tokens(in: bytes)
          state.bytes = bytes
        }
        state.trouble = nil
      } catch {
        state.trouble = "\(error)"
      }
      return (state.tokens, before == state.trouble ? nil : .some(state.trouble))
    }
    if let news { report(news) }
    return tokens
  }

  /// One a line, as `--token-sha256` takes them; what follows `#` is a comment.
  static func tokens(in bytes: [UInt8]) throws(Malformed) -> [ReadToken] {
    var tokens: [ReadToken] = []
    let text = String(decoding: bytes, as: UTF8.self)
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let text = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      if text.isEmpty { continue }
      do throws(ReadTokenError) {
        tokens.append(try ReadToken(parsing: text))
      } catch {
        throw Malformed(line: number + 1, error: error)
      }
    }
    return tokens
  }
}

import NIOCore
import NIOSSL
import Synchronization

/// The certificate that the server shows, which can be exchanged while it runs, and whom it asks for one.
package final class ServerIdentity: Sendable {
  private struct State {
    var context: NIOSSLContext
    var files: TLSFiles.Contents
  }

  /// The files that it was read from.
  package let files: TLSFiles
  private let state: Mutex<State>

  /// Reads the files.
  ///
  /// - Throws: ``TLSFileError`` when one can't be read, or they don't belong together.
  package init(_ files: TLSFiles) throws(TLSFileError) {
    self.files = files
    let contents = try files.read()
    state = Mutex(State(context: try files.context(contents), files: contents))
  }

  /// Reads the files again. Connections that are open keep what they began with.
  ///
  /// - Returns: Whether they have changed.
  /// - Throws: ``TLSFileError``; then what was in use stays in use.
  package func reload() throws(TLSFileError) -> Bool {
    let contents = try files.read()
    guard state.withLock({ $0.files != contents }) else { return false }
    let context = try files.context(contents)
    state.withLock { $0 = State(context: context, files: contents) }
    return true
  }

  func makeHandler() -> NIOSSLServerHandler {
    NIOSSLServerHandler(context: state.withLock { $0.context })
  }
}

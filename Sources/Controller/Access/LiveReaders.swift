import Model
import Reconciler
import StatusAPI
import Synchronization

/// The ``ReaderIndex`` of the role bindings that are live now; asking it waits for nobody.
final class LiveReaders: Sendable {
  private let state = Mutex((changes: UInt64(0), index: ReaderIndex()))

  /// Takes over what is live, if its role bindings are others than before.
  func follow(_ live: LiveState) {
    guard state.withLock({ $0.changes }) != live.roleBindingChanges else { return }
    let index = ReaderIndex(live.roleBindings.lazy.compactMap { live[$0] })
    state.withLock { $0 = (live.roleBindingChanges, index) }
  }

  func visibility(of principal: Principal) -> Visibility? {
    state.withLock { $0.index }.visibility(of: principal)
  }
}

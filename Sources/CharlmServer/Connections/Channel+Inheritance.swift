import Glibc
import NIOCore

extension Channel {
  /// Keeps the programs that this one starts from inheriting the socket.
  ///
  /// A training run outlives the server: it would hold the port, so that no other server could
  /// listen there, and every connection, so that clients would wait for an answer forever. Only on
  /// the channel's event loop.
  func closeInOtherPrograms() {
    _ = try? pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
      fcntl($0, F_SETFD, FD_CLOEXEC)
    }
  }
}

<?php
/**
 * What came with a request.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Reads what a browser sent, without the slashes that WordPress adds. Whoever changes something has checked the nonce before; forms of
 * visitors have none, since their pages come from caches. Whoever uses a text cleans it for its purpose.
 */
final class Request {

	/**
	 * Whether a member was posted.
	 */
	public static function has( string $name ): bool {
		return isset( $_POST[ $name ] ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- see above.
	}

	/**
	 * A text that was posted; empty if there is none.
	 */
	public static function text( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing, WordPress.Security.ValidatedSanitizedInput -- see above.
		return isset( $_POST[ $name ] ) && is_scalar( $_POST[ $name ] ) ? (string) wp_unslash( $_POST[ $name ] ) : '';
	}

	/**
	 * Texts that were posted under one name, in brackets or not.
	 */
	public static function members( string $name ): array {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing, WordPress.Security.ValidatedSanitizedInput -- see above.
		return isset( $_POST[ $name ] ) ? (array) wp_unslash( $_POST[ $name ] ) : array();
	}

	/**
	 * Everything that was posted.
	 */
	public static function all(): array {
		return wp_unslash( $_POST ); // phpcs:ignore WordPress.Security.NonceVerification.Missing -- see above.
	}

	/**
	 * A text of the address. It chooses what a page shows and changes nothing.
	 */
	public static function query( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- see above.
		return isset( $_GET[ $name ] ) && is_scalar( $_GET[ $name ] ) ? (string) wp_unslash( $_GET[ $name ] ) : '';
	}
}

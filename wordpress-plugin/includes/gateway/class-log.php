<?php
/**
 * PHP's log.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Writes to the log what nobody waits for. It names forms and ids, never visitors.
 */
final class Log {

	/**
	 * Writes a sentence.
	 */
	public static function note( string $sentence ): void {
		// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- an error that no page can show.
		error_log( 'Gateway Connector: ' . $sentence );
	}
}

<?php
/**
 * What the plugin uses of WP-CLI.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Keeps what was registered and said.
 */
final class WP_CLI {

	public static array $commands = array();

	private static array $said = array();

	public static function add_command( string $name, callable $command ): void {
		self::$commands[ $name ] = $command;
	}

	public static function success( string $message ): void {
		self::$said[] = 'Success: ' . $message;
	}

	public static function error( string $message ): void {
		self::$said[] = 'Error: ' . $message;
		throw new RuntimeException( 'exit 1' );
	}

	public static function said(): array {
		$said       = self::$said;
		self::$said = array();
		return $said;
	}
}

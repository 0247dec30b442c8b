<?php
/**
 * What PHPUnit loads first.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

require __DIR__ . '/load-wordpress.php';
require __DIR__ . '/class-fake-gateway.php';
require __DIR__ . '/class-network.php';
require __DIR__ . '/class-plugin-test-case.php';
require __DIR__ . '/class-user-test-case.php';
require __DIR__ . '/class-form-plugins-test-case.php';

if ( PHP_VERSION_ID >= 80400 ) {
	// PHPUnit may be older than this PHP and use what it deprecates. Only what the plugin's own files do is an error.
	set_error_handler(
		static function ( int $level, string $message, string $file, int $line ): bool {
			if ( 0 === strpos( $file, dirname( __DIR__ ) . '/' ) && 0 !== ( error_reporting() & $level ) ) {
				throw new ErrorException( $message, 0, $level, $file, $line );
			}
			return true;
		}
	);
}

<?php
/**
 * A network of sites for tests.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use PHPUnit\Framework\Assert;

/**
 * Runs stages of network.php, each in a process of its own, on a database that is gone afterwards.
 */
final class Network {

	/**
	 * What the last stage printed.
	 */
	public static function run( string ...$stages ): array {
		$folder = sys_get_temp_dir() . '/' . uniqid( 'network', true );
		mkdir( $folder );
		$printed = array();
		foreach ( $stages as $stage ) {
			exec(
				sprintf(
					'%s %s %s %s 2>&1',
					escapeshellarg( PHP_BINARY ),
					escapeshellarg( __DIR__ . '/network.php' ),
					escapeshellarg( $folder ),
					$stage
				),
				$printed,
				$status
			);
			Assert::assertSame( 0, $status, implode( "\n", $printed ) );
		}
		array_map( 'unlink', (array) glob( $folder . '/{,.}*[!.]*', GLOB_BRACE ) );
		rmdir( $folder );
		$last = json_decode( (string) end( $printed ), true );
		Assert::assertIsArray( $last, implode( "\n", $printed ) );
		return $last;
	}
}

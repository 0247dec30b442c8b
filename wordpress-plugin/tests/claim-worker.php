<?php
/**
 * Claims rows until none is due, and prints their ids: one of several workers at once.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

require __DIR__ . '/load-wordpress.php';

global $wpdb;
$spool = new Gateway_Connector\Spool( $wpdb );
echo "ready\n";
fgets( STDIN ); // All begin together.
do {
	$rows = $spool->claim( 5 );
	foreach ( $rows as $row ) {
		echo $row['id'], "\n";
	}
} while ( array() !== $rows );

<?php
/**
 * Leaves nothing behind.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/gateway-connector.php';

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
		switch_to_blog( (int) $site );
		Installation::remove();
		restore_current_blog();
	}
} else {
	Installation::remove();
}

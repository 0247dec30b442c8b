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

<?php
/**
 * What users are called on our pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Names the user that a row of the spool is about. The row itself knows only the number.
 */
final class User_Name {

	public static function of( int $user_id ): string {
		$user = get_userdata( $user_id );
		return $user
			/* translators: %s: a user's name */
			? sprintf( __( 'User %s', 'gateway-connector' ), $user->display_name )
			/* translators: %d: a user's number */
			: sprintf( __( 'Former user %d', 'gateway-connector' ), $user_id );
	}
}

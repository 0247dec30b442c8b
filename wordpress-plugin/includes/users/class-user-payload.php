<?php
/**
 * Rows about users on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * A row about a user says only who changed. What to send is looked up when the row goes out. Of a user who no longer exists, the row
 * holds the lists to remove them from.
 */
final class User_Payload implements Payload {

	public function carries( array $row ): bool {
		return (int) $row['user_id'] > 0;
	}

	public function path(): string {
		return 'contacts/batch';
	}

	public function items( array $row ): array {
		$user_id = (int) $row['user_id'];
		// This process may have looked at the user before, and another one changed them since.
		wp_cache_delete( $user_id, 'users' );
		wp_cache_delete( $user_id, 'user_meta' );

		$removed = (array) ( json_decode( $row['payload'], true )['removed'] ?? array() );
		if ( array() !== $removed ) {
			$changes = self::removals( $removed, User_Synced::lists_of( $user_id ) );
		} else {
			$user    = get_userdata( $user_id );
			$changes = $user ? ( new User_Changes( User_Sync_Settings::load() ) )->of( $user ) : array();
		}
		$items = array();
		foreach ( $changes as $index => $change ) {
			$key           = $row['submission_key'] . ':' . $index;
			$items[ $key ] = (string) wp_json_encode( array( 'key' => $key ) + $change, JSON_UNESCAPED_SLASHES );
		}
		return array_filter( $items );
	}

	/**
	 * Notes what the gateway knows now. Whoever unsubscribed stays off the list; that is no error.
	 *
	 * @param array   $row     The row.
	 * @param array[] $results The results.
	 */
	public function handle_results( array $row, array $results ): array {
		$user_id = (int) $row['user_id'];
		foreach ( $results as $key => $result ) {
			$status       = (int) ( $result['status'] ?? 0 );
			$unsubscribed = 403 === $status && 'suppressed' === ( $result['problem']['code'] ?? '' );
			if ( $unsubscribed || ( $status >= 200 && $status < 300 ) ) {
				User_Synced::record( $user_id, (array) json_decode( $row['items'][ $key ], true ), $unsubscribed );
			}
			if ( $unsubscribed ) {
				unset( $results[ $key ] );
			}
		}
		return $results;
	}

	/**
	 * The removals of somebody who no longer exists. What was synced since stays, because the person came back.
	 */
	private static function removals( array $removed, array $synced ): array {
		$changes = array();
		foreach ( $removed as $email => $lists ) {
			foreach ( (array) $lists as $list ) {
				if ( ! isset( $synced[ $list ] ) || $synced[ $list ]['email'] !== $email ) {
					$changes[] = User_Changes::removal( (string) $email, (string) $list );
				}
			}
		}
		return $changes;
	}
}

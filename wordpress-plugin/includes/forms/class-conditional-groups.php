<?php
/**
 * Parts of a form that the visitor does not see.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Knows which fields were hidden when a form was sent. The plugin "Conditional Fields for Contact Form 7" wraps fields into
 * [group NAME] … [/group], and posts which groups and fields it hides, as JSON lists.
 */
final class Conditional_Groups {

	private const HIDDEN_GROUPS = '_wpcf7cf_hidden_groups';
	private const HIDDEN_FIELDS = '_wpcf7cf_hidden_group_fields';

	/**
	 * The groups around each field of a form, for each time that it is in the form.
	 *
	 * @return array<string,array<int,string[]>> By the field's name, then by place: names of groups, the outer first.
	 */
	public static function around_fields( WPCF7_ContactForm $form ): array {
		$found = array();
		$open  = array();
		preg_match_all(
			'/\[(?<closes>\/?)(?<type>[a-z][-\w]*\*?)(?:\s+(?<name>[A-Za-z][-\w:.]*))?[^\]]*\]/',
			(string) $form->prop( 'form' ),
			$tags,
			PREG_SET_ORDER
		);
		foreach ( $tags as $tag ) {
			$name = strtr( $tag['name'] ?? '', '.', '_' );
			if ( 'group' !== $tag['type'] ) {
				$found[ $name ][] = $open;
			} elseif ( '' === $tag['closes'] ) {
				$open[] = $name;
			} else {
				array_pop( $open );
			}
		}
		return $found;
	}

	/**
	 * Whether one of these groups was hidden.
	 *
	 * @param string[] $groups Names.
	 */
	public static function is_any_hidden( array $groups ): bool {
		return array() !== array_intersect( $groups, self::posted( self::HIDDEN_GROUPS ) );
	}

	/**
	 * Names of the fields that the visitor did not see. A field that is in the form more than once is hidden if all its places are.
	 *
	 * @return string[]
	 */
	public static function hidden_fields( WPCF7_ContactForm $form ): array {
		$hidden = self::posted( self::HIDDEN_FIELDS );
		$places = array() === $hidden ? array() : self::around_fields( $form );
		$hidden = array_filter(
			$hidden,
			static function ( string $name ) use ( $places ): bool {
				$seen = array_filter( $places[ $name ] ?? array(), static fn( array $groups ) => ! self::is_any_hidden( $groups ) );
				return array() === $seen || count( $places[ $name ] ) < 2;
			}
		);
		/**
		 * Names of the fields that were hidden from the visitor: they are not sent, and a box among them is no consent.
		 *
		 * @param string[]          $hidden Names.
		 * @param WPCF7_ContactForm $form   The form.
		 */
		return array_values( (array) apply_filters( 'gateway_connector_hidden_fields', $hidden, $form ) );
	}

	/**
	 * A list that was posted.
	 *
	 * @return string[]
	 */
	private static function posted( string $field ): array {
		$list = json_decode( Request::text( $field ), true );
		$list = array_filter( is_array( $list ) ? $list : array(), 'is_string' );
		return array_values( array_unique( (array) preg_replace( '/\[\]$/', '', $list ) ) );
	}
}

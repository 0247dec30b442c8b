<?php
/**
 * What a page showed beside one box.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The words beside a box, and the policy that applied, travel signed with the page. Somebody may change them while a customer fills in the
 * checkout: what the page showed is what is agreed to.
 */
final class Shown_Box {

	/**
	 * The signed text for a hidden field.
	 *
	 * @param string               $box   The name of the box.
	 * @param array<string,string> $words Members text, policyUrl and policyVersion.
	 */
	public static function seal( string $box, array $words ): string {
		return Signed_Fields::sign(
			array(
				'kind'  => "box-{$box}",
				'words' => $words,
			)
		);
	}

	/**
	 * What the page showed: text, and maybe policyUrl and policyVersion. Without a signature of ours, the text says that it is not known.
	 *
	 * @param string $box    The name of the box.
	 * @param string $sealed The signed text that was posted.
	 * @return array<string,string>
	 */
	public static function read( string $box, string $sealed ): array {
		$data = '' === $sealed ? null : Signed_Fields::verify( $sealed );
		return null !== $data && "box-{$box}" === ( $data['kind'] ?? '' ) ? (array) $data['words'] : array( 'text' => self::unknown() );
	}

	/**
	 * What stands in the evidence when nobody can say what a page showed.
	 */
	public static function unknown(): string {
		return __( '(The words beside the box are not known: the page did not carry this site’s signature.)', 'gateway-connector' );
	}
}
